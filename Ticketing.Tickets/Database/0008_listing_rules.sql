ALTER TABLE tickets
    -- How many tickets one buyer may hold and have bought, together.
    ADD COLUMN max_per_buyer int NOT NULL DEFAULT 10 CHECK (max_per_buyer BETWEEN 1 AND 1000),
    -- The event has begun. A job sets it some seconds after the start, so that indexes of what is on sale do not keep what is
    -- over; queries look at the start too.
    ADD COLUMN sales_ended   boolean NOT NULL DEFAULT false,
    -- Title and venue as a search goes by them, kept by a trigger.
    ADD COLUMN searchable    text COLLATE "C";

-- A text as a search goes by it: words in small letters, without accents and other marks, each behind one space. Composed and
-- decomposed letters are the same (NFKD), ß is ss, and characters that nobody can see count for nothing. Scripts without
-- spaces between words have each character as a word.
CREATE FUNCTION to_searchable(original text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
    ' ' || btrim(regexp_replace(
        regexp_replace(
            replace(replace(replace(replace(
                translate(
                    lower(regexp_replace(
                        normalize(original, NFKD),
                        -- Marks, and what has neither width nor ink.
                        '[\u00AD\u034F\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF-\u05C7\u0610-\u061C\u064B-\u065F\u0670\u06D6-\u06DC\u180B-\u180F\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E\u2060-\u206F\u20D0-\u20FF\u3099\u309A\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]',
                        '', 'g') COLLATE "und-x-icu"),
                    -- Letters that Unicode does not take apart, and the quotes and dashes that keyboards do not have.
                    'ςıøđłħŧð‘’ʼ‐‒–—−', 'σiodlhtd''''''-----'),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
            -- Thai and Lao, Burmese, Khmer, Chinese and Japanese.
            '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u2E80-\u312F\u31A0-\u9FFF\U00020000-\U0003FFFF])', ' \1 ', 'g'),
        '\s+', ' ', 'g'));

-- For LIKE. Three letters or digits in a row are found anywhere in a word; what has fewer is found where a word begins with it.
-- Both are looked up in an index by trigrams. What has no letter or digit no index knows: it does not count.
CREATE FUNCTION to_search_pattern(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (
    SELECT CASE
        WHEN text ~ '[[:alnum:]]{3}' THEN '%' || escaped || '%'
        WHEN text ~ '[[:alnum:]]' THEN '% ' || escaped || '%'
        ELSE '%'
    END
    FROM (SELECT btrim(to_searchable(word)) COLLATE "default" AS text) AS searchable
    CROSS JOIN LATERAL regexp_replace(text, '([\\%_])', '\\\1', 'g') AS escaped);

-- By a trigger, so that it also holds for what an older version of the service writes.
CREATE FUNCTION prepare_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.searchable := to_searchable(NEW.title || E'\n' || coalesce(NEW.venue, ''));
    IF TG_OP = 'UPDATE' AND NEW.starts_at IS DISTINCT FROM OLD.starts_at THEN
        NEW.sales_ended := false;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER prepare_listing BEFORE INSERT OR UPDATE OF title, venue, starts_at ON tickets
    FOR EACH ROW EXECUTE FUNCTION prepare_listing();

CREATE OR REPLACE FUNCTION ticket_event(listing tickets) RETURNS jsonb LANGUAGE sql STABLE RETURN
    jsonb_build_object('listing', jsonb_build_object(
        'id', listing.id,
        'sellerId', listing.seller_id,
        'title', listing.title,
        'price', listing.price,
        'currency', listing.currency,
        'quantity', listing.quantity,
        'venue', listing.venue,
        'startsAt', listing.starts_at,
        'description', listing.description,
        'createdAt', listing.created_at,
        'version', listing.version,
        'buyersPerMinute', listing.buyers_per_minute,
        'maxPerBuyer', listing.max_per_buyer));

-- Listings that have tickets, but so many watchers that not all of them have been told yet.
CREATE TABLE listings_to_tell (
    ticket_id uuid PRIMARY KEY
);

INSERT INTO listings_to_tell
SELECT DISTINCT ticket_id FROM watches JOIN tickets ON tickets.id = ticket_id WHERE offered;
