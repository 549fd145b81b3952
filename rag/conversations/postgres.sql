-- What PostgreSQL has instead of the virtual table `words`.
CREATE TABLE words (
    number BIGINT PRIMARY KEY REFERENCES exchanges (number) ON DELETE CASCADE,
    said TSVECTOR NOT NULL
);
CREATE INDEX words_said ON words USING gin (said);
