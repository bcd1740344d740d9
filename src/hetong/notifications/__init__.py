"""What leaves the house for a person: mails, each rendered once and sent by a job.

Owns the mails and the gateway they leave through. A mail says only what its reader may know, links are
made when it is rendered, and one that holds a secret forgets its text once it is sent.
"""
