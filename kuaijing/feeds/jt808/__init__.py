"""JT/T 808: Chinese vehicle terminals, BeiDou."""
