import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSession, type Session, sealSession } from '../../../../infra/local/s3-store/sts/session-token.ts';

const session: fc.Arbitrary<Session> = fc.record({
  roleArn: fc.string({ unit: 'binary' }),
  name: fc.string(),
  expires: fc.nat(),
  policy: fc.option(fc.string({ unit: 'binary' })),
  salt: fc.string(),
});

describe('a session token', () => {
  test('holds everything about its session, and gives the same keys when it is opened', () => {
    fc.assert(
      fc.property(session, fc.string(), (given, secret) => {
        const keys = sealSession(secret, given);
        expect(openSession(secret, keys.sessionToken)).toEqual({ session: given, keys });
        expect([keys.accessKeyId.length, keys.secretAccessKey.length]).toEqual([20, 40]);
      }),
    );
  });

  test('is worth nothing to another store, and once it was changed', () => {
    fc.assert(
      fc.property(session, fc.nat(), (given, at) => {
        const { sessionToken } = sealSession('one', given);
        expect(openSession('other', sessionToken)).toBeNull();
        const place = at % sessionToken.length;
        const changed = `${sessionToken.slice(0, place)}${sessionToken[place] === 'A' ? 'B' : 'A'}${sessionToken.slice(place + 1)}`;
        const isLastSign = place === sessionToken.length - 1;
        if (!isLastSign) expect(openSession('one', changed)).toBeNull();
      }),
    );
  });

  test.each(['', 'IQoJ', 'x.y', 'IQoJb3JpZ2luX2Vj.', `IQoJb3JpZ2luX2Vje30.${'A'.repeat(43)}`])('that is none is refused: %j', (token) => {
    expect(openSession('one', token)).toBeNull();
  });
});
