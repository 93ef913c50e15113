"""nbgrader's settings for everybody on the hub: copy it to /etc/jupyter/nbgrader_config.py.

Students need no more than these two. The instructors' own settings are in the course's folder.
"""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "rnn"
# A folder that everybody may enter and write to. What students hand in they cannot list, so nobody sees anybody's.
c.Exchange.root = "/usr/local/share/nbgrader/exchange"
