"""What each role's screen is sent: snapshots, who is stuck, and the queries behind them."""
