"""Pictures of lessons: what is wrong with one, a smaller one for phones, and what people upload."""
