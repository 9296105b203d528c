CREATE TABLE `finds` (
	`part` text NOT NULL,
	`case` text NOT NULL,
	PRIMARY KEY(`part`, `case`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `finds_case` ON `finds` (`case`,`part`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`case` text PRIMARY KEY NOT NULL,
	`stage` text NOT NULL,
	`awaited` text,
	`need` text,
	`assignee` text,
	`cause` text,
	`marks` integer NOT NULL,
	`amount` integer NOT NULL,
	`opened_at` text NOT NULL,
	`last_at` text NOT NULL,
	`due_on` text DEFAULT '9999-12-31' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `inbox_due` ON `inbox` (`due_on`,`case`,`amount`,`opened_at`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`);--> statement-breakpoint
CREATE INDEX `inbox_last` ON `inbox` (`last_at`,`case`,`amount`,`opened_at`,`due_on`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`);--> statement-breakpoint
CREATE INDEX `inbox_opened` ON `inbox` (`opened_at`,`case`,`amount`,`due_on`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`);--> statement-breakpoint
CREATE INDEX `inbox_amount` ON `inbox` (`amount`,`case`,`opened_at`,`due_on`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`);--> statement-breakpoint
CREATE INDEX `inbox_us` ON `inbox` (`due_on`,`case`,`amount`,`opened_at`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`) WHERE need IS NOT NULL;--> statement-breakpoint
CREATE INDEX `inbox_them` ON `inbox` (`due_on`,`case`,`amount`,`opened_at`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`) WHERE awaited = 'borrower';--> statement-breakpoint
CREATE INDEX `inbox_agreed` ON `inbox` (`due_on`,`case`,`amount`,`opened_at`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`) WHERE stage IN ('agreed', 'in-force');--> statement-breakpoint
CREATE INDEX `inbox_arrears` ON `inbox` (`due_on`,`case`,`amount`,`opened_at`,`stage`,`assignee`,`cause`,`marks`,`need`,`awaited`) WHERE stage IN ('in-arrears', 'broken');--> statement-breakpoint
CREATE INDEX `inbox_mine` ON `inbox` (`assignee`,`due_on`,`case`,`amount`,`opened_at`,`stage`,`cause`,`marks`,`need`,`awaited`);--> statement-breakpoint
CREATE TABLE `views` (
	`account` text NOT NULL,
	`name` text NOT NULL,
	`query` text NOT NULL,
	`at` text NOT NULL,
	PRIMARY KEY(`account`, `name`)
);
--> statement-breakpoint
ALTER TABLE `cases` ADD `product` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `cause` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `need` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `due_on` text;--> statement-breakpoint
ALTER TABLE `cases` ADD `marks` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `cases` ADD `sought` text;
--> statement-breakpoint
-- What the desk lists cases by is kept here, so that no writer of a case can forget it.
CREATE TRIGGER cases_listed AFTER INSERT ON cases
BEGIN
  INSERT INTO inbox ("case", stage, awaited, need, assignee, cause, marks, amount, opened_at, last_at, due_on)
  VALUES (NEW.id, NEW.stage, NEW.awaited, NEW.need, NEW.assignee, NEW.cause, NEW.marks, NEW.amount, NEW.opened_at, NEW.last_at, coalesce(NEW.due_on, '9999-12-31'));
END;
--> statement-breakpoint
CREATE TRIGGER cases_listed_anew AFTER UPDATE ON cases
BEGIN
  UPDATE inbox SET stage = NEW.stage, awaited = NEW.awaited, need = NEW.need, assignee = NEW.assignee, cause = NEW.cause, marks = NEW.marks, amount = NEW.amount,
    opened_at = NEW.opened_at, last_at = NEW.last_at, due_on = coalesce(NEW.due_on, '9999-12-31')
  WHERE "case" = NEW.id;
END;
--> statement-breakpoint
CREATE TRIGGER cases_found AFTER INSERT ON cases
BEGIN
  INSERT INTO finds (part, "case") SELECT DISTINCT substr(substr(text, at, 16), 1, coalesce(nullif(instr(substr(text, at, 16), char(10)), 0), 17) - 1), NEW.id
  FROM (WITH RECURSIVE ends(text, at) AS (
    SELECT lower(replace(NEW.number, '-', '')) || char(10) || coalesce(NEW.sought, ''), 1
    UNION ALL SELECT text, at + 1 FROM ends WHERE at < length(text)) SELECT text, at FROM ends)
  WHERE substr(text, at, 1) <> char(10);
END;
--> statement-breakpoint
CREATE TRIGGER cases_found_anew AFTER UPDATE ON cases WHEN NEW.number IS NOT OLD.number OR NEW.sought IS NOT OLD.sought
BEGIN
  DELETE FROM finds WHERE "case" = NEW.id;
  INSERT INTO finds (part, "case") SELECT DISTINCT substr(substr(text, at, 16), 1, coalesce(nullif(instr(substr(text, at, 16), char(10)), 0), 17) - 1), NEW.id
  FROM (WITH RECURSIVE ends(text, at) AS (
    SELECT lower(replace(NEW.number, '-', '')) || char(10) || coalesce(NEW.sought, ''), 1
    UNION ALL SELECT text, at + 1 FROM ends WHERE at < length(text)) SELECT text, at FROM ends)
  WHERE substr(text, at, 1) <> char(10);
END;
--> statement-breakpoint
-- Cases that are here: what releases before this one did not keep comes with the row that is folded anew.
INSERT INTO inbox ("case", stage, awaited, assignee, marks, amount, opened_at, last_at)
SELECT id, stage, awaited, assignee, 0, amount, opened_at, last_at FROM cases;
