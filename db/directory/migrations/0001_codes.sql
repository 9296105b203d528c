-- Codes live ten minutes: those asked for before are asked for again. An account that nobody confirmed was nobody's: accounts are made by their code now.
DROP TABLE `codes`;
--> statement-breakpoint
CREATE TABLE `codes` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`contact` text NOT NULL,
	`about` text NOT NULL,
	`account` text,
	`name` text,
	`password` text,
	`invitation` text,
	`hash` text NOT NULL,
	`letter` text,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`used_at` text,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
DELETE FROM `accounts` WHERE `confirmed_at` IS NULL;
--> statement-breakpoint
CREATE INDEX `codes_about` ON `codes` (`about`,`created_at`);--> statement-breakpoint
CREATE INDEX `codes_old` ON `codes` (`created_at`);--> statement-breakpoint
ALTER TABLE `attempts` ADD `not_before` text;--> statement-breakpoint
CREATE INDEX `attempts_old` ON `attempts` (`until`);--> statement-breakpoint
ALTER TABLE `invitations` ADD `contact` text;--> statement-breakpoint
ALTER TABLE `mail` ADD `expires_at` text;--> statement-breakpoint
CREATE INDEX `mail_old` ON `mail` (`expires_at`);--> statement-breakpoint
ALTER TABLE `seats` ADD `contact` text;
--> statement-breakpoint
-- Nobody sits on both sides: not by account, and not by the contact by which a seat's holder was identified. Held here, so that no order of two requests gets around it.
CREATE TRIGGER seats_one_side BEFORE INSERT ON seats
WHEN EXISTS (
  SELECT 1 FROM staff JOIN accounts ON accounts.id = staff.account
  WHERE staff.lender = NEW.lender AND (staff.account = NEW.account OR accounts.email = NEW.contact OR accounts.phone = NEW.contact))
BEGIN
  SELECT RAISE(ABORT, 'directory: nobody sits on both sides');
END;
--> statement-breakpoint
CREATE TRIGGER staff_one_side BEFORE INSERT ON staff
WHEN EXISTS (
  SELECT 1 FROM seats
  WHERE seats.lender = NEW.lender
    AND (seats.account = NEW.account OR seats.contact IN (SELECT email FROM accounts WHERE id = NEW.account UNION SELECT phone FROM accounts WHERE id = NEW.account)))
BEGIN
  SELECT RAISE(ABORT, 'directory: nobody sits on both sides');
END;
--> statement-breakpoint
CREATE TRIGGER seats_stay BEFORE UPDATE OF account, lender, contact ON seats
BEGIN
  SELECT RAISE(ABORT, 'directory: a seat is not handed on');
END;
