CREATE TABLE `sweeps` (
	`lender` text PRIMARY KEY NOT NULL,
	`holder` text,
	`until` text NOT NULL,
	`place` text,
	`begun_at` text,
	`swept_at` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`failed_at` text,
	`fault` text,
	FOREIGN KEY (`lender`) REFERENCES `lenders`(`id`) ON UPDATE no action ON DELETE no action
);
