// The page that `lms serve --lan` opens on its own machine: signing in there takes no tap. Without a script there is a button.
const form = document.querySelector("form[data-submit-at-once]")
if (form) form.submit()
