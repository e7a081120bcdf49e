/** What signs a request. The room `credentials` makes providers of this form. */

/** Keys of an identity; a session token where they are temporary. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** When they run out; absent for keys that do not. */
  readonly expiration?: Date | undefined;
}

/** Gives credentials, from its own cache where they are still good. `forceRefresh`: the service refused the last ones as expired. */
export type CredentialProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<Credentials>;
