-- Conversations: user_version 2.
ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;   -- 1: stays on top of the list
ALTER TABLE conversations ADD COLUMN style TEXT NOT NULL DEFAULT '{}';    -- JSON: rag.types.AnswerStyle
