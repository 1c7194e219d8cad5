"""The way into a class: code, seat claims, links and QR codes, the hall's Wi-Fi, the network check."""
