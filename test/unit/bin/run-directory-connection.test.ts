import { describe, expect, it } from 'vitest';
import { runDirectoryConnection } from '../../../emr-steps/bin/run-directory-connection.ts';

describe('the connection to a run directory', () => {
  it('is to AWS where nothing else is said', () => {
    expect(runDirectoryConnection('work', {})).toMatchObject({ bucket: 'work', 'endpoint-url': undefined, 'addressing-style': 'auto' });
  });

  it('goes where S3A goes, and where the environment says before that', () => {
    expect(runDirectoryConnection('work', { fs_s3a_endpoint: 'http://127.0.0.1:9000/' })['endpoint-url']).toBe('http://127.0.0.1:9000');
    const both = { fs_s3a_endpoint: 'http://127.0.0.1:9000', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9001' };
    expect(runDirectoryConnection('work', both)['endpoint-url']).toBe('http://127.0.0.1:9001');
  });

  it('passes over a host without a scheme, which is AWS by another name', () => {
    expect(runDirectoryConnection('work', { fs_s3a_endpoint: 's3.eu-central-1.amazonaws.com' })['endpoint-url']).toBeUndefined();
  });
});
