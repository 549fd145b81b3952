-- The ledger, the texts and the keyword index: the truth. Chroma holds a cache of vectors.
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT,
    outlet TEXT,
    text TEXT NOT NULL,
    digest TEXT NOT NULL,          -- SHA-256 of the file's bytes
    size INTEGER NOT NULL,         -- with modified_ns: unchanged files are not even read
    modified_ns INTEGER NOT NULL,
    added TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done'))  -- pending: vectors not all there yet
) STRICT;
CREATE INDEX IF NOT EXISTS articles_published ON articles (published);
CREATE INDEX IF NOT EXISTS articles_pending ON articles (state) WHERE state = 'pending';

-- AUTOINCREMENT: an id is never used twice, so a vector can never stand for another passage.
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    shard TEXT NOT NULL            -- the collection of Chroma that its vector is in
) STRICT;
CREATE INDEX IF NOT EXISTS passages_of ON passages (article_id, ordinal);

-- Collections of Chroma, each of one language, and how many passages each holds.
CREATE TABLE IF NOT EXISTS shards (
    name TEXT PRIMARY KEY,
    language TEXT NOT NULL,
    passages INTEGER NOT NULL
) STRICT;

-- Vectors of passages that are gone, until Chroma has let them go too.
CREATE TABLE IF NOT EXISTS doomed (id INTEGER PRIMARY KEY, shard TEXT NOT NULL) STRICT;

-- What the embedding model makes of a language (float32), for balancing.
CREATE TABLE IF NOT EXISTS shifts (
    kind TEXT NOT NULL CHECK (kind IN ('passage', 'question')),
    language TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (kind, language)
) STRICT;

CREATE VIRTUAL TABLE IF NOT EXISTS keywords USING fts5 (
    words, tokenize = "porter unicode61 remove_diacritics 2"
);
