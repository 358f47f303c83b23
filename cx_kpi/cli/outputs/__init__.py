"""Where results go: files, the screen, the browser; questions and progress."""
