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
DIMENSION = {
    "channel": mark("channel"),
    "product": mark("product"),
    "team": mark("team"),
    "agent": mark("agent"),
    "priority": mark("priority"),
    "category": mark("category"),
    "type": mark("type"),
    "segment": mark("customer segment"),
    "organization": mark("organization"),
    "plan": mark("plan"),
    "region": mark("region"),
    "queue": mark("queue"),
    "status": mark("status"),
    "initiator": mark("opened by"),
    "journey_stage": mark("stage of the journey"),
    "question": mark("question"),
    "kind": mark("kind of survey"),
    "direction": mark("direction"),
    "ended_reason": mark("reason for leaving"),
    "experience": mark("experience"),
    "age_of_customer": mark("age of the customer"),
    "weekday": mark("weekday"),
    "hour": mark("hour"),
    "working_time": mark("working time"),
    "wait_band": mark("wait"),
    "complainant": mark("complainant"),
}
