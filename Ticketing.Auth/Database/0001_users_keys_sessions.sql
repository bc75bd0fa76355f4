-- Users, as ASP.NET Core Identity knows them; only the columns that we use.
CREATE TABLE users (
    id                  uuid PRIMARY KEY,
    email               text NOT NULL CHECK (length(email) <= 254),
    normalized_email    text NOT NULL,
    password_hash       text NOT NULL,
    security_stamp      text NOT NULL,
    concurrency_stamp   text NOT NULL,
    access_failed_count integer NOT NULL DEFAULT 0,
    lockout_end         timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now()
);

-- Of two sign-ups with one address at the same time, this lets one in.
CREATE UNIQUE INDEX users_normalized_email ON users (normalized_email);

-- The keys that sign access tokens. The one that signs is the latest whose signs_from has come.
CREATE TABLE signing_keys (
    kid         text PRIMARY KEY,
    private_key bytea NOT NULL, -- PKCS #8
    signs_from  timestamptz NOT NULL
);

-- One row for each signed-in browser or client. It holds while its user keeps the same security stamp,
-- which changes with the password.
CREATE TABLE refresh_families (
    id             uuid PRIMARY KEY,
    user_id        uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    security_stamp text NOT NULL,
    created_at     timestamptz NOT NULL,
    revoked_at     timestamptz
);

CREATE INDEX refresh_families_user ON refresh_families (user_id);

-- A family's tokens, one after the other; each may be used once (and again within a few seconds, see RefreshTokens).
CREATE TABLE refresh_tokens (
    hash       bytea PRIMARY KEY, -- SHA-256 of the token; the token itself is kept nowhere
    family_id  uuid NOT NULL REFERENCES refresh_families ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- What every replica must share. A refresh token's successor is derived from it with the key 'refresh':
-- 244 random bits from the server's strong source.
CREATE TABLE server_secrets (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

INSERT INTO server_secrets (name, value)
VALUES ('refresh', sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
