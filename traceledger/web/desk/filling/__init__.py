"""Operations as forms: which controls each has, what was typed read as an operation, faults beside fields."""
