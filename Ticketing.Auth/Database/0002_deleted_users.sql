-- Who deleted their account: an id that leads to nobody. It stays, so that whoever was restored from a backup can be told again.
CREATE TABLE deleted_users (
    id uuid PRIMARY KEY
);
