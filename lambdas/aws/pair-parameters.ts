/** Pairs as parameters of SSM, which people add without another deployment. */
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** The text of a pair's parameter; null where there is none. @param path - of all pairs, without a slash at its end */
export function pairParameters(client: Pick<SSMClient, 'send'>, path: string): (name: string) => Promise<string | null> {
  return async (name) => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: `${path}/${name}` }));
      return Parameter?.Value ?? null;
    } catch (error) {
      if (error instanceof Error && error.name === 'ParameterNotFound') return null;
      throw error;
    }
  };
}
