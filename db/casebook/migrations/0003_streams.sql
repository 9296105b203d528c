CREATE TABLE `streams` (
	`case` text NOT NULL,
	`side` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`last_at` text NOT NULL,
	`state` text NOT NULL,
	`seal` text NOT NULL,
	PRIMARY KEY(`case`, `side`)
);
--> statement-breakpoint
CREATE TRIGGER streams_kept BEFORE DELETE ON streams
BEGIN
  SELECT RAISE(ABORT, 'record: a stream is never deleted');
END;
