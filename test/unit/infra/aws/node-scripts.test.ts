import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answers, type NodeSandbox, nodeSandbox } from '../../../helpers/node-sandbox.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const NODES = join(ROOT, 'infra/aws/nodes');
const GROW = join(NODES, 'grow-volumes.sh');
const INSTALL = join(NODES, 'install-grow-volumes.sh');
const SHELLCHECK = join(ROOT, 'build/tools/python/bin/shellcheck');

const sandboxes: NodeSandbox[] = [];

afterEach(async () => {
  await Promise.all(sandboxes.splice(0).map((one) => one.close()));
});

async function sandbox(metadata?: Parameters<typeof nodeSandbox>[0]): Promise<NodeSandbox> {
  const made = await nodeSandbox(metadata);
  sandboxes.push(made);
  return made;
}

const HEADER = 'Filesystem Type Use% Mounted on\n';

/** A node of EMR: NVMe disks, whose second partition is the data volume. */
function node(percent: string, more: Answers = {}): Answers {
  return {
    df: { text: `${HEADER}/dev/nvme0n1p1 xfs 99% /\n/dev/nvme1n1p2 xfs ${percent} /mnt\ntmpfs tmpfs 99% /mnt9\n` },
    'lsblk -nrso NAME,TYPE': { text: 'nvme1n1p2 part\nnvme1n1 disk\n' },
    'lsblk -dno SERIAL': { text: 'vol0aaa \n' },
    'aws ec2 describe-volumes': { text: '/dev/xvda vol-0root 30\n/dev/sdb vol-0aaa 64\n' },
    'aws ec2 describe-volumes-modifications': { text: 'completed\n' },
    'aws ec2 modify-volume': {},
    ...more,
  };
}

const changes = (calls: readonly string[]) => calls.filter((call) => call.startsWith('aws ec2 modify-volume'));
const told = (calls: readonly string[]) => calls.filter((call) => call.startsWith('logger')).join('\n');

describe.runIf(existsSync(SHELLCHECK))('the scripts (shellcheck: make tools)', () => {
  it('have no finding', () => {
    const files = [GROW, INSTALL, join(ROOT, 'infra/build/run.sh')];
    expect(execFileSync(SHELLCHECK, ['--severity=style', ...files], { encoding: 'utf8' })).toBe('');
  });
});

describe('growing volumes', () => {
  it('asks nobody while there is room', async () => {
    const { run, asked } = await sandbox();
    const { code, calls } = await run(GROW, ['80', '50', '1000'], node('79%'));
    expect({ code, asked, calls: calls.length }).toEqual({ code: 0, asked: [], calls: 1 });
  });

  it('asks the metadata service with a session, finds the volume by its serial number, and grows it', async () => {
    const { run, asked } = await sandbox();
    const { code, calls } = await run(GROW, ['80', '50', '1000'], node('80%'));
    expect(code).toBe(0);
    expect(asked).toEqual(['/latest/meta-data/placement/region', '/latest/meta-data/instance-id']);
    expect(changes(calls)).toEqual(['aws ec2 modify-volume --region eu-central-1 --volume-id vol-0aaa --size 96']);
    expect(calls).toContain('growpart /dev/nvme1n1 2');
    expect(calls).toContain('xfs_growfs /mnt');
    expect(told(calls)).toContain('grows from 64 to 96 GiB');
  });

  it('changes a volume once in six hours', async () => {
    const { run, folder } = await sandbox();
    await run(GROW, ['80', '50', '1000'], node('95%'));
    expect(changes((await run(GROW, ['80', '50', '1000'], node('95%'))).calls)).toEqual([]);
    await writeFile(join(folder, 'state/vol-0aaa'), String(Math.floor(Date.now() / 1000) - 6 * 3600));
    expect(changes((await run(GROW, ['80', '50', '1000'], node('95%'))).calls)).toHaveLength(1);
  });

  it('hands the new room to the file system within the six hours', async () => {
    const { run } = await sandbox();
    await run(GROW, ['80', '50', '1000'], node('95%'));
    const { calls } = await run(GROW, ['80', '50', '1000'], node('95%'));
    expect(calls).toEqual(expect.arrayContaining(['growpart /dev/nvme1n1 2', 'xfs_growfs /mnt']));
  });

  it.each(['modifying', 'optimizing'])('waits while somebody else’s change is %s', async (state) => {
    const { run } = await sandbox();
    const { calls } = await run(GROW, ['80', '50', '1000'], node('95%', { 'aws ec2 describe-volumes-modifications': { text: `${state}\n` } }));
    expect(changes(calls)).toEqual([]);
  });

  it('ends at the size that it may have', async () => {
    const { run } = await sandbox();
    const most = await run(GROW, ['80', '50', '80'], node('95%'));
    expect(changes(most.calls)[0]).toContain('--size 80');
    const full = await (await sandbox()).run(GROW, ['80', '50', '64'], node('95%'));
    expect(changes(full.calls)).toEqual([]);
    expect(told(full.calls)).toContain('may have no more than 64');
  });

  it('tells a change that EC2 refuses, and tries again at the next call', async () => {
    const { run } = await sandbox();
    const refused = node('95%', { 'aws ec2 modify-volume': { code: 254 } });
    expect(told((await run(GROW, ['80', '50', '1000'], refused)).calls)).toContain('could not be grown from 64 to 96 GiB');
    expect(changes((await run(GROW, ['80', '50', '1000'], refused)).calls)).toHaveLength(1);
  });

  it('finds older disks by the name of their attachment, and ext4 without partitions', async () => {
    const { run } = await sandbox();
    const old = node('95%', {
      df: { text: `${HEADER}/dev/xvdb ext4 95% /mnt1\n` },
      'lsblk -nrso NAME,TYPE': { text: 'xvdb disk\n' },
      'lsblk -dno SERIAL': { text: '\n' },
    });
    const { calls } = await run(GROW, ['80', '50', '1000'], old);
    expect(changes(calls)[0]).toContain('--volume-id vol-0aaa --size 96');
    expect(calls).toContain('resize2fs /dev/xvdb');
    expect(calls.some((call) => call.startsWith('growpart'))).toBe(false);
  });

  it('leaves instance stores and other file systems alone', async () => {
    const { run } = await sandbox();
    const store = await run(
      GROW,
      ['80', '50', '1000'],
      node('95%', { 'lsblk -dno SERIAL': { text: 'AWS1234\n' }, 'aws ec2 describe-volumes': { text: '/dev/xvda vol-0root 30\n' } }),
    );
    expect({ code: store.code, changes: changes(store.calls) }).toEqual({ code: 0, changes: [] });
    const other = await run(GROW, ['80', '50', '1000'], node('95%', { df: { text: `${HEADER}/dev/nvme1n1p2 btrfs 95% /mnt\n` } }));
    expect(told(other.calls)).toContain('is btrfs, which is not grown');
  });

  it.each([
    ['gives no session', 'gives no session'],
    ['knows nothing', 'names no Region'],
  ] as const)('fails where the metadata service %s', async (metadata, why) => {
    const { run } = await sandbox(metadata);
    const { code, calls } = await run(GROW, ['80', '50', '1000'], node('95%'));
    expect(code).toBe(1);
    expect(told(calls)).toContain(why);
    expect(changes(calls)).toEqual([]);
  });

  it('fails where EC2 lists no volumes', async () => {
    const { run } = await sandbox();
    const { code, calls } = await run(GROW, ['80', '50', '1000'], node('95%', { 'aws ec2 describe-volumes': { code: 255 } }));
    expect(code).toBe(1);
    expect(told(calls)).toContain('does not list the volumes');
  });

  it('wants its three numbers', async () => {
    const { run } = await sandbox();
    expect((await run(GROW, ['80', '50'])).code).not.toBe(0);
  });
});

describe('installing it', () => {
  const SCRIPT = 's3://assets/carillon/0a1b.sh';
  const brought: Answers = { 'aws s3 cp': { text: '#!/bin/bash\n' } };

  it('brings the script and has it called every two minutes', async () => {
    const { run, folder } = await sandbox();
    const { code, stdout, calls } = await run(INSTALL, [SCRIPT, '80', '50', '1000'], brought);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'volumes grow by 50 % above 80 %, up to 1000 GiB\n' });
    const program = join(folder, 'root/usr/local/sbin/carillon-grow-volumes');
    expect(await readFile(program, 'utf8')).toBe('#!/bin/bash\n');
    expect((await stat(program)).mode & 0o777).toBe(0o755);
    const unit = (name: string) => readFile(join(folder, 'root/etc/systemd/system', name), 'utf8');
    expect(await unit('carillon-grow-volumes.service')).toContain('ExecStart=/usr/local/sbin/carillon-grow-volumes 80 50 1000\n');
    expect(await unit('carillon-grow-volumes.timer')).toMatch(/OnBootSec=2min\nOnUnitInactiveSec=2min/);
    expect(calls.filter((call) => call.startsWith('systemctl'))).toEqual([
      'systemctl daemon-reload',
      'systemctl enable --now --quiet carillon-grow-volumes.timer',
    ]);
  });

  it.each([
    ['the script cannot be read', { 'aws s3 cp': { code: 1 } }, 'cannot be read'],
    ['systemd does not listen', { ...brought, 'systemctl daemon-reload': { code: 1 } }, 'systemd does not see the timer'],
    ['the timer cannot be started', { ...brought, 'systemctl enable': { code: 1 } }, 'the timer cannot be started'],
  ] as const)('lets the cluster start where %s', async (_, answers, why) => {
    const { run } = await sandbox();
    const { code, stderr } = await run(INSTALL, [SCRIPT, '80', '50', '1000'], answers);
    expect(code).toBe(0);
    expect(stderr).toContain(`volumes of this node will not grow: `);
    expect(stderr).toContain(why);
  });

  it.each([
    ['/usr/local/sbin', 'cannot be written'],
    ['/etc/systemd/system/carillon-grow-volumes.service', 'service cannot be written'],
    ['/etc/systemd/system/carillon-grow-volumes.timer', 'timer cannot be written'],
  ])('lets the cluster start where %s cannot be written', async (path, why) => {
    const { run, folder } = await sandbox();
    // A file where a folder is wanted, or the other way round, stops root too.
    if (path.endsWith('sbin')) {
      await mkdir(join(folder, 'root/usr/local'), { recursive: true });
      await writeFile(join(folder, 'root', path), '');
    } else await mkdir(join(folder, 'root', path), { recursive: true });
    const { code, stderr } = await run(INSTALL, [SCRIPT, '80', '50', '1000'], brought);
    expect(code).toBe(0);
    expect(stderr).toContain(why);
  });

  it('takes no word for a number', async () => {
    const { run } = await sandbox();
    const { code, stderr, calls } = await run(INSTALL, [SCRIPT, '80', '50 %', '1000'], brought);
    expect({ code, calls }).toEqual({ code: 0, calls: [] });
    expect(stderr).toContain('50 % is no number');
  });
});
