"""Front doors: the command line. They import the other rooms; nobody imports them."""
