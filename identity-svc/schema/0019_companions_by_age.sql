ALTER TABLE identity_companions
  ADD KEY by_age (seen_micros)
