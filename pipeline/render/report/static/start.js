// Last: shows what the address names.

addEventListener("hashchange", show);
show();
