"""The one writer: whose turn it is, the batch it decides, the states it decides on."""
