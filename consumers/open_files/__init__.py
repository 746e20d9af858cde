"""What bodies and the payer publish of the money, as files. docs/open-files.md."""
