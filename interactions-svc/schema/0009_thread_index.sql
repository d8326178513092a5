ALTER TABLE interactions
  ADD KEY by_thread
    (tenant_id, contact_id, thread_id, occurred_micros, interaction_id,
     thread_word, thread_marks, identity_key, recorded_micros)
