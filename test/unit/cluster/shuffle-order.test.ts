import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortByKey } from '../../../infra/local/cluster/byte-sort.ts';
import { JobProperties } from '../../../infra/local/cluster/job-properties.ts';
import { parseKeyFields } from '../../../infra/local/cluster/key-fields.ts';
import { byteOrder, keyOrderFor } from '../../../infra/local/cluster/key-order.ts';
import { partitionerFor } from '../../../infra/local/cluster/partitioner.ts';
import { HADOOP_PARTITIONS, INVALID_KEYS, KEYS } from './hadoop-partitions.ts';

const KEY_FIELD_PARTITIONER = 'org.apache.hadoop.mapred.lib.KeyFieldBasedPartitioner';
const KEY_FIELD_COMPARATOR = 'org.apache.hadoop.mapred.lib.KeyFieldBasedComparator';

function partitioner(options: string | null, count: number) {
  if (options === 'hash') return partitionerFor(null, new JobProperties(new Map()), count);
  const given = new Map(options === null ? [] : [['mapreduce.partition.keypartitioner.options', options]]);
  return partitionerFor(KEY_FIELD_PARTITIONER, new JobProperties(given), count);
}

describe('partitionerFor', () => {
  it.each(HADOOP_PARTITIONS)('gives the part numbers of Hadoop 3.4.2: %s over %i reducers', (options, count, expected) => {
    const partition = partitioner(options, count);
    const numbers = KEYS.map((key) => {
      const bytes = Buffer.from(`..${key}..`);
      return partition(bytes, 2, bytes.length - 2);
    });
    expect(numbers).toEqual(expected);
  });

  it('gives the part numbers of Hadoop 3.4.2 for keys that are no UTF-8', () => {
    const one = partitioner('-k1,1', 100);
    const general = partitioner('-k1.1,1', 100);
    for (const [bytes, expected] of INVALID_KEYS) {
      expect(one(Buffer.from(bytes), 0, bytes.length)).toBe(expected);
      expect(general(Buffer.from(bytes), 0, bytes.length)).toBe(expected);
    }
  });

  it('knows the old way to name the fields', () => {
    const old = partitionerFor(KEY_FIELD_PARTITIONER, new JobProperties(new Map([['num.key.fields.for.partition', '2']])), 7);
    const bytes = Buffer.from('aaa\tbbb\tccc');
    expect(old(bytes, 0, bytes.length)).toBe(partitioner('-k1,2', 7)(bytes, 0, bytes.length));
  });

  it('asks nothing of the key where there is one reducer', () => {
    expect(partitionerFor('x.Unknown', new JobProperties(new Map()), 1)(Buffer.from('k'), 0, 1)).toBe(0);
  });

  it('refuses options of another form', () => {
    expect(() => parseKeyFields('-kx', '\t')).toThrow(/Invalid -k argument/);
  });
});

describe('keyOrderFor', () => {
  const sorted = (keys: readonly string[], options?: string): readonly string[] => {
    const given = new Map([['mapreduce.job.output.key.comparator.class', KEY_FIELD_COMPARATOR]]);
    if (options !== undefined) given.set('mapreduce.partition.keycomparator.options', options);
    const order = keyOrderFor(new JobProperties(given));
    return [...keys].sort((a, b) => order(Buffer.from(a), 0, Buffer.byteLength(a), Buffer.from(b), 0, Buffer.byteLength(b)));
  };

  it('sorts by column 1, then by column 2 as a number', () => {
    expect(sorted(['b\t2', 'a\t10', 'a\t9', 'a\t1', 'b\t-3'], '-k1,1 -k2,2n')).toEqual(['a\t1', 'a\t9', 'a\t10', 'b\t-3', 'b\t2']);
  });

  it.each([
    ['-k1,1r', ['a', 'c', 'b'], ['c', 'b', 'a']],
    ['-n', ['10', '9', '-1', '0.5', '0.25', '-2'], ['-2', '-1', '0.25', '0.5', '9', '10']],
    ['-nr', ['1', '3', '2'], ['3', '2', '1']],
    ['-k2,2', ['a\tb', 'a', 'b\ta'], ['a', 'b\ta', 'a\tb']],
    ['-k2,2r', ['a', 'b\ta', 'a\tb'], ['a\tb', 'b\ta', 'a']],
    ['-k1.2,1.3', ['xab', 'yaa', 'zaab'], ['yaa', 'zaab', 'xab']],
    [undefined, ['b', 'a\u0000', 'a'], ['a', 'a\u0000', 'b']],
  ])('understands %s', (options, keys, expected) => {
    expect(sorted(keys, options)).toEqual(expected);
  });

  it('takes minus zero, zero and no digits for equal numbers', () => {
    for (const [a, b] of [
      ['-0', '0'],
      ['-0.0', 'x'],
      ['007', '7.00'],
      ['', '0'],
    ] as const)
      expect(sorted([a, b], '-n')).toEqual([a, b]);
  });

  it('is the order of bytes without a comparator', () => {
    expect(keyOrderFor(new JobProperties(new Map()))).toBe(byteOrder);
  });
});

describe('sortByKey', () => {
  const key = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.array(fc.constantFrom(0, 1, 255), { maxLength: 14 }).map((bytes) => Uint8Array.from(bytes)),
    fc.integer({ min: 0, max: 30 }).map((number) => Buffer.from(`a/long/common/prefix/${number}`)),
  );

  it('sorts as Buffer.compare does, equal keys by their numbers', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), (keys) => {
        const bytes = Buffer.concat([Buffer.from('xx'), ...keys]);
        const lengths = Uint32Array.from(keys, (each) => each.length);
        const starts = new Uint32Array(keys.length);
        let at = 2;
        for (let number = 0; number < keys.length; number += 1) {
          starts[number] = at;
          at += keys[number]?.length ?? 0;
        }
        const order = Uint32Array.from(keys, (_, number) => number);
        sortByKey({ bytes, starts, lengths }, order);
        const expected = keys.map((_, number) => number).sort((a, b) => Buffer.compare(keys[a] as Uint8Array, keys[b] as Uint8Array) || a - b);
        expect(Array.from(order)).toEqual(expected);
      }),
    );
  });
});

describe('byteOrder', () => {
  it('agrees with Buffer.compare', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ maxLength: 5 }), (a, b) => {
        expect(Math.sign(byteOrder(Buffer.from(a), 0, a.length, Buffer.from(b), 0, b.length))).toBe(Buffer.compare(a, b));
      }),
    );
  });
});
