"""A city's classes as one program plays them: leaders, walls, and phones that join, answer and practise."""
