"""What `./parvis demo` shows: real communes, invented people, and consultations at every stage, made by the same verbs as a person's."""
