"""What `./parvis demo` shows: real communes, invented people, and consultations at every stage.

All of it is made by the verbs that a person's clicks would call.
"""
