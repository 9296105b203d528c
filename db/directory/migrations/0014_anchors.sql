CREATE TABLE `anchors` (
	`lender` text NOT NULL,
	`n` integer NOT NULL,
	`anchor` text NOT NULL,
	`proof` text NOT NULL,
	`timestamp` text,
	PRIMARY KEY(`lender`, `n`),
	FOREIGN KEY (`lender`) REFERENCES `lenders`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `anchors_unstamped` ON `anchors` (`lender`,`n`) WHERE timestamp IS NULL;