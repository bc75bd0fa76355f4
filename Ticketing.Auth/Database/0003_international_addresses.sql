-- Accounts whose address has other than ASCII characters, so that the job which gives them the key of their address
-- (RekeyAddresses) need not look at the others.
CREATE INDEX users_international ON users (id) WHERE octet_length(normalized_email) <> length(normalized_email);
