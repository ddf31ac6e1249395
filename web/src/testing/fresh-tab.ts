// Files of tests follow each other in one tab: what one has left there, another does not find.
sessionStorage.clear();
localStorage.clear();
