"""What ./dev next shows an agent, keeps, and sends back."""
