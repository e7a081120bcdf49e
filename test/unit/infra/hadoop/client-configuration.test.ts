import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClientConfigurationError, readClientConfiguration } from '../../../../infra/hadoop/client-configuration.ts';
import { webAddresses } from '../../../../infra/hadoop/web-addresses.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carillon-conf-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function site(name: string, properties: Readonly<Record<string, string>>): Promise<void> {
  const rows = Object.entries(properties).map(([key, value]) => `<property>\n <name>${key}</name><value> ${value} </value><final>true</final></property>`);
  await writeFile(join(folder, `${name}-site.xml`), `<?xml version="1.0"?><configuration>${rows.join('\n')}</configuration>`);
}

describe("a client's configuration", () => {
  it('is what the site files say, the later one over the earlier', async () => {
    await site('yarn', { a: 'yarn', 'b.c': '&lt;x&gt; &amp; &#233;' });
    await site('core', { a: 'core', only: 'core' });
    const { get } = await readClientConfiguration(folder);
    expect([get('a'), get('b.c'), get('only'), get('nothing')]).toEqual(['yarn', '<x> & é', 'core', null]);
  });

  it('has its references filled in, of properties and of the environment, and leaves alone what leads in a circle', async () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Hadoop's own references
    await site('core', { host: 'rm', port: '${env.PORT}', url: '${host}:${port}/${env.NONE:-none}', circle: '${circle}x', unknown: '${who}' });
    const { get } = await readClientConfiguration(folder, { PORT: '8088' });
    expect([get('url'), get('unknown')]).toEqual(['rm:8088/none', '${who}']);
    expect(get('circle')).toMatch(/^\$\{circle\}x+$/);
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Hadoop's own references
  });

  it('passes over what is commented out', async () => {
    await writeFile(join(folder, 'core-site.xml'), '<configuration><!-- <property><name>a</name><value>b</value></property> --></configuration>');
    expect((await readClientConfiguration(folder)).get('a')).toBeNull();
  });

  it('is refused where no site file lies', async () => {
    await expect(readClientConfiguration(join(folder, 'nothing'))).rejects.toThrow(ClientConfigurationError);
    await expect(readClientConfiguration(folder)).rejects.toThrow(/HADOOP_CONF_DIR/);
  });
});

describe('the web addresses', () => {
  const addresses = async (properties: Readonly<Record<string, string>>) => {
    await site('yarn', properties);
    return webAddresses(await readClientConfiguration(folder));
  };

  it('are the ports of Hadoop at the host of the resource manager where nothing else is said', async () => {
    expect(await addresses({ 'yarn.resourcemanager.hostname': 'master' })).toEqual({
      resourceManagers: ['http://master:8088'],
      history: 'http://master:19888',
    });
  });

  it('are those that are given, by https where the policy says so', async () => {
    const given = { 'yarn.resourcemanager.webapp.address': '0.0.0.0:1', 'yarn.resourcemanager.hostname': 'rm', 'mapreduce.jobhistory.webapp.address': 'jh:2' };
    expect(await addresses(given)).toEqual({ resourceManagers: ['http://rm:1'], history: 'http://jh:2' });
    const secure = { 'yarn.http.policy': 'HTTPS_ONLY', 'yarn.resourcemanager.webapp.https.address': 'rm:3' };
    expect((await addresses(secure)).resourceManagers).toEqual(['https://rm:3']);
  });

  it('are all of a pair that stands in for one another', async () => {
    const pair = {
      'yarn.resourcemanager.ha.enabled': 'true',
      'yarn.resourcemanager.ha.rm-ids': 'rm1, rm2',
      'yarn.resourcemanager.hostname.rm1': 'a',
      'yarn.resourcemanager.webapp.address.rm2': 'b:9',
    };
    expect((await addresses(pair)).resourceManagers).toEqual(['http://a:8088', 'http://b:9']);
  });
});
