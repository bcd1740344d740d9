/* Behaviour of the pages. Every act works without it; here it becomes quicker and safer.
   Each module wires itself by listening on the document, so parts that arrive later need nothing. */
import "./htmx";
import "./theme";
import "./progress";
import "./focus";
import "./forms";
import "./typed";
import "./toasts";
import "./dialogs";
import "./lists";
import "./tabs";
import "./cells";
import "./live";
import "./discussion";
import "./reveal";
import "./passkeys";
import "./push";
import "./picker";
import "./palette";
import "./shortcuts";
