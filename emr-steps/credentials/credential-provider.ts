/** What signs a request, and who gives it; the form that the room `s3` takes. */

/** Keys of an identity; a session token where they are temporary. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** When they run out; absent for keys that do not. */
  readonly expiration?: Date | undefined;
}

/** Gives credentials. `forceRefresh`: the service refused the last ones as expired, so a cache must not answer. */
export type CredentialProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<Credentials>;
