-- Which attempt let the bearer in, as its client named it: the same attempt again is told the same success. And at which door, if
-- the client said so.
ALTER TABLE admissions ADD COLUMN checked_in_attempt text;
ALTER TABLE admissions ADD COLUMN checked_in_door text;
