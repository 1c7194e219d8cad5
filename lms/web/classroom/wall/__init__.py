"""The projector (/chieu): its boards, results and demonstrations, and their letter sizes."""
