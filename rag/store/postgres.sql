-- What PostgreSQL needs beside the tables of schema.sql. {folded}, {plain} and {letters} are filled in.

-- The order in which rows were written, which SQLite has by itself.
ALTER TABLE articles ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY;
ALTER TABLE removed ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY;

-- English is stemmed as FTS5 stems it, without stop words; the words come from rag.store.tsquery.
CREATE TEXT SEARCH DICTIONARY byline_porter (TEMPLATE = snowball, LANGUAGE = porter);
CREATE TEXT SEARCH CONFIGURATION byline (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION byline ADD MAPPING FOR asciiword WITH byline_porter;
ALTER TEXT SEARCH CONFIGURATION byline
    ADD MAPPING FOR word, numword, int, uint, float, sfloat, version WITH simple;

CREATE TABLE keywords (
    id BIGINT PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    words TSVECTOR NOT NULL,
    length INTEGER NOT NULL        -- number of words, for BM25
);
-- Without fastupdate: each search would read the whole list of pending entries (30 ms for 2,000 passages).
CREATE INDEX keywords_words ON keywords USING gin (words) WITH (fastupdate = off);

-- Every term that was ever indexed.
CREATE TABLE vocabulary (term TEXT COLLATE "C" PRIMARY KEY);

CREATE FUNCTION instr(whole TEXT, part TEXT) RETURNS INTEGER LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT strpos(whole, part) $$;

-- rag.text.letters.plain_letters; most titles and addresses have Latin letters only.
CREATE FUNCTION fold(whole TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN whole ~ '^[ -~]*$' THEN lower(whole) ELSE
        replace(replace(replace(translate(
            lower(normalize(whole, NFKC) COLLATE "{letters}"), '{folded}', '{plain}'
        ), 'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae') END $$;
