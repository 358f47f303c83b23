"""What people call the words of our vocabularies that stand in titles, tables and charts alike."""

from cx_kpi.wording.language import mark

CHANNEL = {
    "email": mark("E-mail"),
    "web": mark("Web form"),
    "chat": mark("Chat"),
    "phone": mark("Phone"),
    "social": mark("Social media"),
    "api": mark("API"),
    "in_person": mark("In person"),
}
