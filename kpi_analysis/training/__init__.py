"""Classroom: the course's exercises, answered at once in words, and the learner's own folder."""
