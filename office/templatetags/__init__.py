"""What templates of every application may say."""
