-- Users who deleted their accounts: their last access token may be good for some minutes more, but lists nothing.
CREATE TABLE former_sellers (
    id uuid PRIMARY KEY
);
