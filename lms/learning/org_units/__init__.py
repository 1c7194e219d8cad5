"""Units: the city, its wards, their organisations and neighbourhoods, their lists, and who belongs to them."""
