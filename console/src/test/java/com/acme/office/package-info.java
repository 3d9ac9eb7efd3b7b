/** An application whose threads stand in each other's way, for the console to look at. */
package com.acme.office;
