/** Encryption of clusters: on their disks and in S3 always, between their nodes where there are certificates; metadata by version 2 alone. */
import { CfnSecurityConfiguration } from 'aws-cdk-lib/aws-emr';
import type { WorkflowBase } from '../workflow-base.ts';

/** The configuration's name. @param certificates - `s3://bucket/key.zip` with `privateKey.pem`, `certificateChain.pem` and `trustedCertificates.pem` */
export function securityConfiguration({ scope, key }: WorkflowBase, certificates: string | null): string {
  const AwsKmsKey = key.keyArn;
  const configuration = new CfnSecurityConfiguration(scope, 'Encryption', {
    securityConfiguration: {
      EncryptionConfiguration: {
        EnableAtRestEncryption: true,
        AtRestEncryptionConfiguration: {
          S3EncryptionConfiguration: { EncryptionMode: 'SSE-KMS', AwsKmsKey },
          LocalDiskEncryptionConfiguration: { EncryptionKeyProviderType: 'AwsKms', AwsKmsKey, EnableEbsEncryption: true },
        },
        EnableInTransitEncryption: certificates !== null,
        ...(certificates !== null && {
          InTransitEncryptionConfiguration: { TLSCertificateConfiguration: { CertificateProviderType: 'PEM', S3Object: certificates } },
        }),
      },
      InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2, HttpPutResponseHopLimit: 1 },
    },
  });
  return configuration.ref;
}
