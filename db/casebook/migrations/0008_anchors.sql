CREATE TABLE `anchored` (
	`position` integer PRIMARY KEY NOT NULL,
	`case` text NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`salt` text NOT NULL,
	`n` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `anchored_case` ON `anchored` (`case`,`position`);--> statement-breakpoint
CREATE TABLE `heads` (
	`case` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`case`, `seq`)
);
--> statement-breakpoint
CREATE TRIGGER heads_follow AFTER INSERT ON checkpoints
BEGIN
  INSERT OR IGNORE INTO heads ("case", seq) VALUES (NEW."case", NEW.seq);
END;
--> statement-breakpoint
-- Of what was written before there were anchors the newest of each stream: it says all that came before.
INSERT INTO heads ("case", seq) SELECT "case", max(seq) FROM checkpoints GROUP BY "case";
