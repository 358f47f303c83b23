"""Names for people of the words of our vocabularies in titles, tables and charts."""

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
