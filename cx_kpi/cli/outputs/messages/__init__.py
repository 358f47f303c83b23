"""Messages to chats, mailboxes and other services: to whom, and the sending."""
