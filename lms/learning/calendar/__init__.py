"""The calendar: classes that wards plan and announce, and the seats that people hold in them."""
