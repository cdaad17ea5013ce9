"""What a build keeps for the next one: the documents it read, what they claim, where blocks of files lie."""
