/** The claims of a service account's token, as Kubernetes writes them; times in seconds since the epoch. */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly jti?: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: NamedByUid;
    readonly pod?: NamedByUid;
    readonly secret?: NamedByUid;
    readonly node?: NamedByUid;
  };
}

/** An object by name, and by uid lest another one of that name be meant. */
export interface NamedByUid {
  readonly name: string;
  readonly uid: string;
}

/** Makes and reads JSON web tokens with the cluster's own key. */
export interface TokenSigner {
  /** The token that says this; the signer adds `jti`. */
  sign(claims: TokenClaims): string;
  /** What a token says that was signed with the key; undefined for every other text. Times are not looked at. */
  read(token: string): TokenClaims | undefined;
  /** By which others check what it has signed. */
  readonly keys: readonly TokenKey[];
}

/** A public key as JSON (RFC 7517). */
export interface TokenKey {
  readonly kty: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: "sig";
  readonly [parameter: string]: unknown;
}

/** Who issues tokens, and for whom they are unless they say otherwise. */
export const TOKEN_ISSUER = "https://kubernetes.default.svc.cluster.local";
